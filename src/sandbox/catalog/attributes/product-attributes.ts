import { readAttributes } from './attribute.js';

const priced = 'apply=simple,virtual,bundle,downloadable,configurable';

/** The attributes Commerce installs, without the user-defined ones. */
export const productAttributes = readAttributes(`
name                           | varchar text        | Product Name                    | store required searchable listing sort advanced weight=5 class=validate-length
sku                            | static text         | SKU                             | required unique searchable comparable advanced weight=6 class=validate-length
description                    | text textarea       | Description                     | store searchable comparable html advanced wysiwyg
short_description              | text textarea       | Short Description               | store searchable comparable html listing advanced wysiwyg
price                          | decimal price       | Price                           | website required searchable filterable listing sort advanced ${priced}
special_price                  | decimal price       | Special Price                   | website listing grid ${priced}
special_from_date              | datetime date       | Special Price From Date         | website listing grid ${priced}
special_to_date                | datetime date       | Special Price To Date           | website listing grid ${priced}
weight                         | decimal weight      | Weight                          | grid ${priced}
meta_title                     | varchar text        | Meta Title                      | store grid
meta_keyword                   | text textarea       | Meta Keywords                   | store grid
meta_description               | varchar textarea    | Meta Description                | store grid
image                          | varchar media_image | Base                            | store listing
small_image                    | varchar media_image | Small                           | store listing
thumbnail                      | varchar media_image | Thumbnail                       | store listing
media_gallery                  | static gallery      | Media Gallery                   |
old_id                         | int text            | -                               | hidden
tier_price                     | decimal text        | Tier Price                      | website apply=simple,virtual,bundle,downloadable
news_from_date                 | datetime date       | Set Product as New from Date    | website listing grid
news_to_date                   | datetime date       | Set Product as New to Date      | website listing grid
gallery                        | varchar gallery     | Image Gallery                   |
status                         | int select          | Enable Product                  | website searchable listing source=status default=1
minimal_price                  | decimal price       | Minimal Price                   | store hidden ${priced}
visibility                     | int select          | Visibility                      | store source=visibility default=4
custom_design                  | varchar select      | New Theme                       | store grid
custom_design_from             | datetime date       | Active From                     | store grid
custom_design_to               | datetime date       | Active To                       | store grid
custom_layout_update           | text textarea       | Layout Update XML               | store hidden
page_layout                    | varchar select      | Layout                          | store grid
category_ids                   | static text         | Categories                      |
options_container              | varchar select      | Display Product Options In      | store default=container2
required_options               | static text         | -                               | hidden listing
has_options                    | static text         | -                               | hidden
image_label                    | varchar text        | Image Label                     | store hidden listing
small_image_label              | varchar text        | Small Image Label               | store hidden listing
thumbnail_label                | varchar text        | Thumbnail Label                 | store hidden listing
created_at                     | static date         | -                               | hidden required
updated_at                     | static date         | -                               | hidden required
country_of_manufacture         | varchar select      | Country of Manufacture          | website grid source=country apply=simple,bundle,configurable,grouped
quantity_and_stock_status      | int select          | Quantity                        | source=stock default=1
custom_layout                  | varchar select      | New Layout                      | store grid
custom_layout_update_file      | varchar select      | Custom Layout Update            | store
url_key                        | varchar text        | URL Key                         | store searchable listing grid class=validate-trailing-hyphen
url_path                       | varchar text        | -                               | store hidden
msrp                           | decimal price       | Minimum Advertised Price        | listing grid ${priced}
msrp_display_actual_price_type | varchar select      | Display Actual Price            | website listing default=0 ${priced}
price_type                     | int boolean         | Dynamic Price                   | required listing default=0 apply=bundle
sku_type                       | int boolean         | Dynamic SKU                     | required default=0 apply=bundle
weight_type                    | int boolean         | Dynamic Weight                  | required listing default=0 apply=bundle
price_view                     | int select          | Price View                      | required listing apply=bundle
shipment_type                  | int select          | Ship Bundle Items               | required listing default=0 apply=bundle
links_purchased_separately     | int -               | Links can be purchased separately | hidden required listing apply=downloadable
samples_title                  | varchar -           | Samples title                   | store hidden required apply=downloadable
links_title                    | varchar -           | Links title                     | store hidden required apply=downloadable
links_exist                    | int -               | -                               | hidden listing apply=downloadable
tax_class_id                   | int select          | Tax Class                       | website searchable listing grid source=tax default=2 ${priced}
gift_message_available         | varchar select      | Allow Gift Message              | grid source=product-boolean
swatch_image                   | varchar media_image | Swatch                          | store listing
ac_downloadable                | static textarea     | AC Downloadable product         | store hidden front
`);

/** Gift cards, only in the Commerce edition. */
export const giftCardAttributes = readAttributes(`
giftcard_amounts               | decimal price       | Amount                          | website apply=giftcard
allow_open_amount              | int select          | Open Amount                     | website apply=giftcard default=0
open_amount_min                | decimal price       | Open Amount Min Value           | website apply=giftcard
open_amount_max                | decimal price       | Open Amount Max Value           | website apply=giftcard
giftcard_type                  | int select          | Card Type                       | required listing apply=giftcard default=0
is_redeemable                  | int text            | Is Redeemable                   | website hidden apply=giftcard
use_config_is_redeemable       | int text            | Use Config Is Redeemable        | website hidden apply=giftcard
lifetime                       | int text            | Lifetime                        | website hidden apply=giftcard
use_config_lifetime            | int text            | Use Config Lifetime             | website hidden apply=giftcard
email_template                 | varchar text        | Email Template                  | store hidden apply=giftcard
use_config_email_template      | int text            | Use Config Email Template       | store hidden apply=giftcard
allow_message                  | int text            | Allow Message                   | website hidden apply=giftcard
use_config_allow_message       | int text            | Use Config Allow Message        | website hidden apply=giftcard
`);
