/** Datasets, samplers and loaders: PyTorch's {@code torch.utils.data}; and the joining of requests into batches. */
module org.jtorch.data {
    requires transitive org.jtorch.nn;
    requires com.fasterxml.jackson.core;
    requires java.desktop; // for the images that nn decodes
    requires java.sql;
    requires static de.siegmar.fastcsv;

    exports org.jtorch.data;
    exports org.jtorch.data.serving;
    exports org.jtorch.data.sources;
}
