package org.jtorch.export.graph;

import org.jspecify.annotations.Nullable;

/**
 * A device.
 *
 * @param type the type, such as {@code cpu}
 * @param index the number of the device; null for the current one
 */
public record DeviceName(String type, @Nullable Integer index) {

    /** Creates the name of a device. */
    public DeviceName {
        Fields.required(type, "type of a device");
    }

    /** Returns the device as PyTorch writes it, such as {@code cuda:1}. */
    @Override
    public String toString() {
        return index == null ? type : type + ":" + index;
    }
}
