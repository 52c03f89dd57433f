import { readAttributes } from './attribute.js';

/** User-defined product attributes: one of every input type. */
export const userAttributes = readAttributes(`
cost             | decimal price       | Cost                  | grid apply=simple,virtual,downloadable
manufacturer     | int select          | Manufacturer          | searchable filterable comparable advanced grid source=table
color            | int select          | Color                 | filterable html listing promo grid source=table swatch=visual
size             | int select          | Size                  | filterable html listing promo source=table swatch=text
finish           | int select          | Finish                | store filterable front source=table swatch=visual
material         | text multiselect    | Material              | filterable comparable front html promo backend=array
season           | varchar multiselect | Season                | store filterable front backend=array
organic          | int boolean         | Organic               | filterable front promo source=boolean
care_notes       | text textarea       | Care Notes            | store comparable front html wysiwyg
style_name       | varchar text        | Style Name            | store searchable sort front weight=2.5
ean              | varchar text        | EAN                   | unique searchable
released         | datetime date       | Released on           | store front sort backend=datetime
available_at     | datetime datetime   | Available at          | website front backend=datetime
base_unit_price  | decimal price       | Price per Unit        | website listing backend=price
net_weight       | decimal weight      | Net Weight            | front
length_cm        | decimal text        | Length in cm          | front class=validate-number
warranty_months  | int text            | Warranty (months)     | website front class=validate-digits
detail_image     | varchar media_image | Detail                | store
internal_note    | varchar text        | Internal note         | hidden store
local_name       | varchar text        | -                     | store front filter-search
recycling_fee    | static weee         | Recycling Fee         | website
unassigned_text  | varchar text        | In no attribute set   | store rules
`);
