package org.jtorch.nn.state;

import java.io.Serializable;
import java.util.List;

/**
 * The keys that {@link org.jtorch.nn.Module#loadStateDict(java.util.Map, boolean, boolean)} could not match. A post-hook may
 * edit the lists.
 *
 * @param missingKeys the keys of the module that the state dict does not have
 * @param unexpectedKeys the keys of the state dict that the module does not have
 */
public record IncompatibleKeys(List<String> missingKeys, List<String> unexpectedKeys) implements Serializable {

    /** Returns whether there are no missing and no unexpected keys. */
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
