package org.jtorch.nn.functional;

/** What stands around a tensor's edges. */
public enum PaddingMode {
    /** Zeros, or another constant. */
    ZEROS("zeros", "constant"),
    /** The tensor mirrored at its edge, the edge itself not repeated. */
    REFLECT("reflect", "reflect"),
    /** The edge repeated. */
    REPLICATE("replicate", "replicate"),
    /** The tensor's other end. */
    CIRCULAR("circular", "circular");

    private final String torchName;
    private final String engineName;

    PaddingMode(String torchName, String engineName) {
        this.torchName = torchName;
        this.engineName = engineName;
    }

    /**
     * Returns the mode with PyTorch's name.
     *
     * @param name {@code zeros}, {@code reflect}, {@code replicate} or {@code circular}
     * @throws IllegalArgumentException if there is none of that name
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

    /** Returns what the engine's pad calls it. */
    String engineName() {
        return engineName;
    }

    /** PyTorch's name. */
    @Override
    public String toString() {
        return torchName;
    }
}
