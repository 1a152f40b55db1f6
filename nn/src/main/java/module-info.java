/** PyTorch's {@code torch.nn}: the module system and every layer. */
@SuppressWarnings("module") // Modules that are built later are named too.
module org.jtorch.nn {
    requires transitive org.jtorch.tensor;
    requires com.fasterxml.jackson.core;
    requires static java.desktop; // only for internal.images, whose users require it themselves

    exports org.jtorch.nn;
    exports org.jtorch.nn.activation;
    exports org.jtorch.nn.adaptive;
    exports org.jtorch.nn.channelshuffle;
    exports org.jtorch.nn.conv;
    exports org.jtorch.nn.distance;
    exports org.jtorch.nn.dropout;
    exports org.jtorch.nn.flatten;
    exports org.jtorch.nn.fold;
    exports org.jtorch.nn.functional;
    exports org.jtorch.nn.hooks;
    exports org.jtorch.nn.init;
    exports org.jtorch.nn.linear;
    exports org.jtorch.nn.loss;
    exports org.jtorch.nn.norm;
    exports org.jtorch.nn.padding;
    exports org.jtorch.nn.pixelshuffle;
    exports org.jtorch.nn.pooling;
    exports org.jtorch.nn.rnn;
    exports org.jtorch.nn.sparse;
    exports org.jtorch.nn.spec;
    exports org.jtorch.nn.state;
    exports org.jtorch.nn.transformer;
    exports org.jtorch.nn.upsampling;
    exports org.jtorch.nn.utils;
    exports org.jtorch.nn.utils.parametrizations;
    exports org.jtorch.nn.utils.parametrize;
    exports org.jtorch.nn.utils.prune;
    exports org.jtorch.nn.utils.rnn;
    exports org.jtorch.nn.internal to
            org.jtorch.optim,
            org.jtorch.data,
            org.jtorch.export,
            org.jtorch.distributed,
            org.jtorch.cli;
    exports org.jtorch.nn.internal.boxes to
            org.jtorch.export,
            org.jtorch.models;
    exports org.jtorch.nn.internal.images to
            org.jtorch.data,
            org.jtorch.models;
    exports org.jtorch.nn.internal.modules to
            org.jtorch.serialize,
            org.jtorch.export,
            org.jtorch.tools,
            org.jtorch.cli;
}
