import { readAttributes } from './attribute.js';

export const categoryAttributes = readAttributes(`
name                       | varchar text        | Name                                | store required
is_active                  | int select          | Is Active                           | store required source=boolean
description                | text textarea       | Description                         | store html wysiwyg
image                      | varchar image       | Image                               | store
meta_title                 | varchar text        | Page Title                          | store
meta_keywords              | text textarea       | Meta Keywords                       | store
meta_description           | text textarea       | Meta Description                    | store
display_mode               | varchar select      | Display Mode                        | store
landing_page               | int select          | CMS Block                           | store
is_anchor                  | int select          | Is Anchor                           | source=boolean default=1
path                       | static text         | Path                                | hidden
position                   | static text         | Position                            | hidden
all_children               | text text           | -                                   | hidden
path_in_store              | text text           | -                                   | hidden
children                   | text text           | -                                   | hidden
custom_design              | varchar select      | Custom Design                       | store
custom_design_from         | datetime date       | Active From                         | store
custom_design_to           | datetime date       | Active To                           | store
page_layout                | varchar select      | Page Layout                         | store
custom_layout_update       | text textarea       | Custom Layout Update                | store hidden
level                      | static text         | Level                               | hidden
children_count             | static text         | Children Count                      | hidden
available_sort_by          | text multiselect    | Available Product Listing Sort By   | store required
default_sort_by            | varchar select      | Default Product Listing Sort By     | store required
include_in_menu            | int select          | Include in Navigation Menu          | store required source=boolean default=1
custom_use_parent_settings | int select          | Use Parent Category Settings        | store source=boolean
custom_apply_to_products   | int select          | Apply To Products                   | store source=boolean
filter_price_range         | decimal text        | Layered Navigation Price Step       | store
custom_layout_update_file  | varchar select      | Custom Layout Update                | store
url_key                    | varchar text        | URL Key                             | store searchable
url_path                   | varchar text        | -                                   | store hidden
`);
