package org.jtorch.nn.state;

import java.io.Serializable;
import java.util.List;

/**
 * What {@link org.jtorch.nn.Module#loadStateDict(java.util.Map, boolean, boolean)} could not match. A hook after the load may edit the
 * lists.
 *
 * @param missingKeys keys of the module that the state dict lacks
 * @param unexpectedKeys keys of the state dict that the module lacks
 */
public record IncompatibleKeys(List<String> missingKeys, List<String> unexpectedKeys) implements Serializable {

    /** Returns whether nothing was missing and nothing unexpected. */
    public boolean isEmpty() {
        return missingKeys.isEmpty() && unexpectedKeys.isEmpty();
    }

    @Override
    public String toString() {
        return isEmpty()
                ? "<All keys matched successfully>"
                : "_IncompatibleKeys(missing_keys=" + quoted(missingKeys) + ", unexpected_keys="
                        + quoted(unexpectedKeys) + ")";
    }

    private static String quoted(List<String> keys) {
        return keys.isEmpty() ? "[]" : "['" + String.join("', '", keys) + "']";
    }
}
