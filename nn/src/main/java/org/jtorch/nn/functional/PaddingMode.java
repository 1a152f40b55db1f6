package org.jtorch.nn.functional;

/** The values with which a tensor is padded at its edges. */
public enum PaddingMode {
    /** Zeros, or another constant. */
    ZEROS("zeros", "constant"),
    /** The tensor mirrored at its edge, without repeating the edge itself. */
    REFLECT("reflect", "reflect"),
    /** The repeated edge. */
    REPLICATE("replicate", "replicate"),
    /** The opposite end of the tensor. */
    CIRCULAR("circular", "circular");

    private final String torchName;
    private final String engineName;

    PaddingMode(String torchName, String engineName) {
        this.torchName = torchName;
        this.engineName = engineName;
    }

    /**
     * Returns the mode with the given PyTorch name.
     *
     * @param name {@code zeros}, {@code reflect}, {@code replicate} or {@code circular}
     * @throws IllegalArgumentException if there is no such mode
     */
    public static PaddingMode of(String name) {
        for (PaddingMode mode : values()) {
            if (mode.torchName.equals(name)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='"
                        + name + "'");
    }

    /** Returns the name of the mode in the engine's padding operator. */
    String engineName() {
        return engineName;
    }

    /** Returns PyTorch's name. */
    @Override
    public String toString() {
        return torchName;
    }
}
