package org.jtorch.nn.utils;

import java.util.List;
import java.util.function.Supplier;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.amp.Autocast;

/** The settings of autocast of a thread at one time, for a computation that runs again later. */
final class AutocastSettings {

    private static final Device CUDA = new Device("cuda", -1);

    private record Setting(Device device, boolean enabled, DType dtype) {
        static Setting of(Device device) {
            return new Setting(device, Autocast.isEnabled(device), Autocast.dtype(device));
        }

        Autocast open(boolean cache) {
            return new Autocast(device, o -> o.enabled(enabled).dtype(dtype).cacheEnabled(cache));
        }
    }

    private final List<Setting> settings = List.of(Setting.of(Device.CPU), Setting.of(CUDA));
    private final boolean cache = Autocast.isCacheEnabled();

    /** Runs {@code code} with these settings. */
    <T> T with(Supplier<T> code) {
        if (settings.stream().allMatch(setting -> setting.equals(Setting.of(setting.device())))) {
            return code.get();
        }
        try (Autocast cpu = settings.get(0).open(cache);
                Autocast cuda = settings.get(1).open(cache)) {
            return code.get();
        }
    }
}
