package org.jtorch.text;

import org.jtorch.Device;
import org.jtorch.nn.Module;

/** Where a model computes. */
final class Devices {

    private Devices() {}

    /** Returns the device of a model's first parameter. */
    static Device of(Module<?, ?> model) {
        return model.parameters().stream()
                .findFirst()
                .map(parameter -> parameter.device())
                .orElse(Device.CPU);
    }
}
