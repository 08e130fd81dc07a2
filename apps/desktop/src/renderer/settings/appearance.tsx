import { changeDeviceSettings, useDeviceSettings } from '../live/device-settings.ts'
import { Switch } from '../ui/choice.tsx'
import { Group, Panel, Row, rows } from '../ui/panel.tsx'
import { Shape } from '../ui/states.tsx'
import { Spelling } from './spelling.tsx'
import { ThemeChoice } from './theme-choice.tsx'
import { Zoom } from './zoom.tsx'

/** How the app looks and behaves on this device. */
export function Appearance() {
  const settings = useDeviceSettings()
  return (
    <Panel title="Appearance" about="How Parley looks and behaves on this device.">
      {settings ? (
        <>
          <Group title="Look">
            <div className={rows}>
              <ThemeChoice value={settings.theme} onChange={(theme) => changeDeviceSettings({ theme })} />
              <Row label="Size of everything">
                <Zoom
                  level={settings.zoomLevel}
                  onChange={(zoomLevel) => changeDeviceSettings({ zoomLevel })}
                />
              </Row>
            </div>
          </Group>
          <Spelling
            chosen={settings.spellingLanguages}
            onChange={(spellingLanguages) => changeDeviceSettings({ spellingLanguages })}
          />
          <Group title="Window">
            <div className={rows}>
              <Switch
                label="Keep running when the window is closed"
                hint="Parley stays in the tray, and goes on telling you of messages."
                checked={settings.closeToTray}
                onChange={(closeToTray) => changeDeviceSettings({ closeToTray })}
              />
              <Switch
                label="Start with the computer"
                hint="In the tray, without opening the window."
                checked={settings.autostart}
                onChange={(autostart) => changeDeviceSettings({ autostart })}
              />
              <Switch
                label="Draw with the graphics card"
                hint="Turn it off where the window flickers or stays empty. It takes effect at the next start."
                checked={settings.hardwareAcceleration}
                onChange={(hardwareAcceleration) => changeDeviceSettings({ hardwareAcceleration })}
              />
            </div>
          </Group>
        </>
      ) : (
        <Shape lines={5} />
      )}
    </Panel>
  )
}
