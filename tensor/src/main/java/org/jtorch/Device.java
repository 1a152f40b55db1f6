package org.jtorch;

import java.util.Locale;
import java.util.Objects;
import org.bytedeco.pytorch.global.torch;

/**
 * The device that holds a tensor. Its text form is PyTorch's: {@code cpu}, {@code cuda}, {@code cuda:1}, {@code mps},
 * {@code meta}.
 *
 * @param type the kind of device, in lower case
 * @param index the number of the device among those of its kind, or -1 for the current one
 */
public record Device(String type, int index) {

    /** The CPU. */
    public static final Device CPU = new Device("cpu", -1);

    /** A device without storage: its tensors have only a shape and a dtype. */
    public static final Device META = new Device("meta", -1);

    /** Creates a device. */
    public Device {
        Objects.requireNonNull(type, "type");
        if (index < -1) {
            throw new IllegalArgumentException("device index " + index + " is negative; -1 means the current one");
        }
    }

    /**
     * Returns the device with the given text form.
     *
     * @param text {@code cpu}, {@code cuda:1}, …
     * @throws IllegalArgumentException if the text does not have this form
     */
    public static Device of(String text) {
        int colon = text.indexOf(':');
        String type = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
        if (!type.matches("[a-z][a-z0-9]*")) {
            throw new IllegalArgumentException("'" + text + "' is not a device; write cpu, cuda, cuda:1, mps or meta");
        }
        if (colon < 0) {
            return new Device(type, -1);
        }
        String index = text.substring(colon + 1);
        if (!index.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no device index after the colon; write " + type + ":0");
        }
        return new Device(type, Integer.parseInt(index));
    }

    /** Returns the CUDA device with the given index. */
    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    /**
     * Returns the best kind of device that this machine has and the engine can use: {@code cuda}, otherwise {@code mps},
     * otherwise {@code cpu}.
     */
    public static Device best() {
        if (Cuda.isAvailable()) {
            return new Device("cuda", -1);
        }
        return torch.hasMPS() ? new Device("mps", -1) : CPU;
    }

    static Device of(org.bytedeco.pytorch.Device device) {
        if (device.is_cpu()) {
            return CPU;
        }
        try (var text = device.str()) {
            return of(text.getString());
        }
    }

    org.bytedeco.pytorch.Device handle() {
        try {
            return new org.bytedeco.pytorch.Device(toString());
        } catch (RuntimeException e) {
            throw Ops.failure("device", e);
        }
    }

    @Override
    public String toString() {
        return index < 0 ? type : type + ":" + index;
    }
}
