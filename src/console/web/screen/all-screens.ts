import type { ComponentType } from 'preact';
import type { IconName } from '../part/icon.tsx';
import type { Permission } from '../session.ts';
import type { TextName } from '../text/index.ts';

/** One screen: its place in the rail, and where it comes from. */
export interface Screen {
  /** All addresses that begin so are this screen's; it reads the rest by `useAddress`. */
  readonly path: string;
  readonly title: TextName;
  readonly icon: IconName;
  /** Who lacks this does not see it in the rail; the operator refuses the data in any case. */
  readonly needs?: Permission;
  load(): Promise<{ readonly default: ComponentType }>;
}

/** The screens in the order of the rail. Each is loaded when it is opened. */
export const SCREENS: readonly Screen[] = [
  { path: '/', title: 'overview.title', icon: 'overview', load: () => import('./overview/overview.tsx') },
  {
    path: '/live',
    title: 'live.title',
    icon: 'exchange',
    needs: 'exchanges.read',
    load: () => import('./live/live.tsx'),
  },
  {
    path: '/devices',
    title: 'devices.title',
    icon: 'device',
    needs: 'subscribers.read',
    load: () => import('./devices/devices.tsx'),
  },
  {
    path: '/lists',
    title: 'lists.title',
    icon: 'list',
    needs: 'lists.read',
    load: () => import('./lists/lists.tsx'),
  },
  {
    path: '/alarms',
    title: 'alarms.title',
    icon: 'duplicate',
    needs: 'evidence.read',
    load: () => import('./alarms/alarms.tsx'),
  },
  {
    path: '/policy',
    title: 'policy.title',
    icon: 'policy',
    needs: 'settings.read',
    load: () => import('./policy/policy.tsx'),
  },
  {
    path: '/access',
    title: 'access.title',
    icon: 'audit',
    needs: 'audit.read',
    load: () => import('./access/access.tsx'),
  },
];

/** The screen that an address belongs to. */
export const screenAt = (path: string): Screen | undefined =>
  SCREENS.find((screen) => path === screen.path || (screen.path !== '/' && path.startsWith(`${screen.path}/`)));
