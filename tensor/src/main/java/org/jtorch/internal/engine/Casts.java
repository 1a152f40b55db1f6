package org.jtorch.internal.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Autocast's settings of a thread, which are immutable.
 *
 * @param cache whether casts of weights may be kept
 * @param settings the settings for each kind of device that was set; off for any other
 */
record Casts(boolean cache, Map<DeviceType, Setting> settings) {

    /**
     * Whether autocast is on for a kind of device, and to which dtype it casts.
     *
     * @param enabled whether it is on
     * @param dtype the lower precision
     */
    record Setting(boolean enabled, ScalarType dtype) {}

    /** The settings of a thread that has set nothing. */
    static final Casts NONE = new Casts(true, Map.of());

    /** The engine's settings for each kind of device that any thread has set so far. */
    private static final Map<DeviceType, Setting> USED = new ConcurrentHashMap<>();

    /** Whether there are such kinds. Without them, a native thread has only the engine's settings. */
    private static volatile boolean used;

    /** Returns settings that differ in one kind of device. */
    Casts with(DeviceType device, Setting setting, boolean cached) {
        USED.computeIfAbsent(
                device, key -> new Setting(false, torch.get_autocast_dtype(key).intern()));
        used = true;
        Map<DeviceType, Setting> map = new EnumMap<>(DeviceType.class);
        map.putAll(settings);
        map.put(device, setting);
        return new Casts(cached, map);
    }

    boolean isEnabled(DeviceType device) {
        Setting setting = settings.get(device);
        return setting != null && setting.enabled;
    }

    ScalarType dtype(DeviceType device) {
        Setting setting = settings.getOrDefault(device, USED.get(device));
        return setting == null ? torch.get_autocast_dtype(device).intern() : setting.dtype;
    }

    /** Returns whether autocast is on for some kind of device. */
    boolean areOn() {
        if (settings.isEmpty()) {
            return false;
        }
        for (Setting setting : settings.values()) {
            if (setting.enabled) {
                return true;
            }
        }
        return false;
    }

    /** Returns the settings of the native thread, except that {@code cache} is given. */
    static Casts ofNativeThread(boolean cache) {
        if (!used) {
            return NONE;
        }
        Map<DeviceType, Setting> map = new EnumMap<>(DeviceType.class);
        for (DeviceType device : USED.keySet()) {
            ScalarType dtype = torch.get_autocast_dtype(device).intern();
            map.put(device, new Setting(torch.is_autocast_enabled(device), dtype));
        }
        return new Casts(cache, map);
    }

    /**
     * Sets the native thread.
     *
     * @param cached whether the engine may keep casts of weights
     */
    void put(boolean cached) {
        if (!used) {
            return;
        }
        for (Map.Entry<DeviceType, Setting> entry : USED.entrySet()) {
            DeviceType device = entry.getKey();
            Setting setting = settings.getOrDefault(device, entry.getValue());
            if (torch.is_autocast_enabled(device) != setting.enabled) {
                torch.set_autocast_enabled(device, setting.enabled);
            }
            if (torch.get_autocast_dtype(device).value != setting.dtype.value) {
                torch.set_autocast_dtype(device, setting.dtype);
            }
        }
        if (torch.is_autocast_cache_enabled() != cached) {
            torch.set_autocast_cache_enabled(cached);
        }
    }
}
