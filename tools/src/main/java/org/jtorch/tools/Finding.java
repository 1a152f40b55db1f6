package org.jtorch.tools;

/**
 * A problem found in a model.
 *
 * @param trap the kind of problem
 * @param path the dotted name of the module, parameter or field; empty for the model itself; {@code (input)} and
 *     {@code (optimizer)} for those
 * @param detail what was found
 */
public record Finding(Trap trap, String path, String detail) {

    /** Returns the remedy. */
    public String remedy() {
        return trap.remedy();
    }

    /** Returns the path, the trap, what was found, and the remedy. */
    @Override
    public String toString() {
        return Paths.label(path) + ": " + trap + ": " + detail + "\n  remedy: " + remedy();
    }
}
