import { useAddress } from '../../address.ts';
import { may } from '../../session.ts';
import { Device } from './device.tsx';
import { DeviceList } from './device-list.tsx';
import './devices.css';

/** Screen 3: handsets and the UICCs in them; `/devices/<ICCID or IMEI>` is one of them. */
export default function Devices() {
  const { parts } = useAddress();
  const [, id] = parts;
  if (!may('subscribers.read')) return null;
  return id === undefined ? <DeviceList /> : <Device key={id} id={id} />;
}
