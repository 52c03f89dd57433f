import { Type, type Static } from 'typebox';

const Text = Type.Union([Type.String(), Type.Null()]);
const Roles = Type.Union([Type.Array(Type.String(), { minItems: 1 }), Type.Null()], {
  description: 'image, small_image, thumbnail, swatch_image; hide_from_pdp when hidden',
});

/** The picture of a role. */
export const RoleImage = Type.Object(
  { url: Type.String(), label: Text },
  { additionalProperties: false },
);

export const Resource = Type.Object(
  { url: Type.String(), label: Text, roles: Roles },
  { additionalProperties: false },
);

export const VideoAttributes = Type.Object(
  {
    videoProvider: Text,
    videoUrl: Text,
    videoTitle: Text,
    videoDescription: Text,
    videoMetadata: Text,
    mediaType: Type.String({ description: 'image or external-video' }),
  },
  { additionalProperties: false },
);

/** A file of the gallery, of any media type, hidden ones too. */
export const GalleryEntry = Type.Object(
  {
    url: Type.String(),
    label: Type.String(),
    types: Roles,
    sort_order: Type.Integer({ description: 'position as stored' }),
    video_attributes: Type.Optional(VideoAttributes),
  },
  { additionalProperties: false },
);

export const Image = Type.Object(
  { resource: Resource, sortOrder: Type.String() },
  { additionalProperties: false },
);

export const Video = Type.Object(
  { preview: Resource, video: Type.Optional(VideoAttributes), sortOrder: Type.String() },
  { additionalProperties: false },
);

export const Sample = Type.Object(
  { resource: Resource, sortOrder: Type.String() },
  { additionalProperties: false, description: 'A trial of a downloadable product.' },
);

export type RoleImage = Static<typeof RoleImage>;
export type VideoAttributes = Static<typeof VideoAttributes>;
export type GalleryEntry = Static<typeof GalleryEntry>;
export type Image = Static<typeof Image>;
export type Video = Static<typeof Video>;
export type Sample = Static<typeof Sample>;
