/** Datasets, samplers and loaders: PyTorch's {@code torch.utils.data}. */
module org.jtorch.data {
    requires transitive org.jtorch.nn;

    exports org.jtorch.data;
}
