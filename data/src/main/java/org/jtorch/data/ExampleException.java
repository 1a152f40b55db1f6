package org.jtorch.data;

/** Carries the index of the example whose {@code get} failed from {@link Dataset#getAll} to the loader. */
final class ExampleException extends Exception {

    private static final long serialVersionUID = 1L;

    final String dataset;
    final int index;

    private ExampleException(Dataset<?> dataset, int index, Exception cause) {
        super(null, cause, false, false);
        this.dataset = DataLoaderException.name(dataset);
        this.index = index;
    }

    /** Returns {@code dataset.get(index)}, and adds the index to what it throws. */
    static <T> T get(Dataset<T> dataset, int index) throws Exception {
        try {
            return dataset.get(index);
        } catch (ExampleException e) {
            throw e;
        } catch (Exception e) {
            throw new ExampleException(dataset, index, e);
        }
    }
}
