package org.jtorch.export.graph;

/**
 * The version of the schema in which a program is written.
 *
 * @param major changes if older readers cannot read it
 * @param minor changes if something was added
 */
public record SchemaVersion(int major, int minor) {

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
