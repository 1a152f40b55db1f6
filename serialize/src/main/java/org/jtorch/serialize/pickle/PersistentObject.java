package org.jtorch.serialize.pickle;

/**
 * Something that stands outside of the pickle, as a tensor's storage.
 *
 * @param value what it is
 */
public record PersistentObject(Object value) implements Internal {

    @Override
    public String description() {
        return "the persistent object " + value;
    }
}
