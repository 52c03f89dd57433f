import { setting } from '../setting.js';
import { boolean, choice, integer } from '../types.js';

const group = 'Worker';

export const verificationSettings = {
  VERIFY_SCHEDULE: setting({
    group,
    type: choice('off', 'daily', 'weekly'),
    description:
      'How often shop, state and service are compared by a schedule: each night or on Sundays at 03:00 UTC. `saas-export schedules apply` switches it on and off.',
    example: 'daily',
    default: 'off',
  }),
  VERIFY_ROWS_PER_SECOND: setting({
    group,
    type: integer(0, 1_000_000),
    description:
      'Rows that scheduled comparisons read a second at most, in shop, state and service together; 0 = no limit.',
    example: '500',
    default: 1000,
  }),
  VERIFY_FIX: setting({
    group,
    type: boolean,
    description:
      'Scheduled comparisons queue what drifted, as `saas-export verify --fix` does, so that it is sent again or deleted.',
    example: '1',
    default: false,
  }),
};
