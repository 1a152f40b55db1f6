/** Tensors, autograd and memory over libtorch; the only module that sees the engine. */
@SuppressWarnings("module") // modules that are built later are named too
module org.jtorch.tensor {
    requires static transitive org.jspecify;
    requires org.bytedeco.javacpp;
    requires org.bytedeco.pytorch;
    requires com.sun.jna;

    exports org.jtorch;
    exports org.jtorch.amp;
    exports org.jtorch.autograd;
    exports org.jtorch.internal to
            org.jtorch.nn,
            org.jtorch.models,
            org.jtorch.data,
            org.jtorch.export,
            org.jtorch.serialize,
            org.jtorch.optim,
            org.jtorch.distributed,
            org.jtorch.tools;
    exports org.jtorch.internal.collectives to
            org.jtorch.distributed;
    exports org.jtorch.internal.options to
            org.jtorch.nn,
            org.jtorch.serialize,
            org.jtorch.data,
            org.jtorch.export,
            org.jtorch.optim,
            org.jtorch.distributed,
            org.jtorch.tools;
    exports org.jtorch.internal.text to
            org.jtorch.nn,
            org.jtorch.serialize,
            org.jtorch.data,
            org.jtorch.export,
            org.jtorch.optim,
            org.jtorch.tools,
            org.jtorch.cli;
}
