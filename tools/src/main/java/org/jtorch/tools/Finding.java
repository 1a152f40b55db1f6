package org.jtorch.tools;

/**
 * A trap that a model is in.
 *
 * @param trap which one
 * @param path the dotted name of the module, parameter or field, empty for the model itself; {@code (input)} and
 *     {@code (optimizer)} are what their names say
 * @param detail what was seen
 */
public record Finding(Trap trap, String path, String detail) {

    /** Returns what to do. */
    public String remedy() {
        return trap.remedy();
    }

    /** Path, trap, what was seen, and what to do. */
    @Override
    public String toString() {
        return Paths.label(path) + ": " + trap + ": " + detail + "\n  remedy: " + remedy();
    }
}
