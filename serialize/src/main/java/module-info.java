/** Checkpoint files: what {@code torch.save} and safetensors write is read, and what they read is written. Nothing from a file runs. */
@SuppressWarnings("module") // modules that are built later are named too
module org.jtorch.serialize {
    requires transitive org.jtorch.nn;
    requires com.fasterxml.jackson.core;

    exports org.jtorch.serialize;
    exports org.jtorch.serialize.format;
    exports org.jtorch.serialize.python;
    exports org.jtorch.serialize.internal.distributed to
            org.jtorch.distributed;
    exports org.jtorch.serialize.internal.file to
            org.jtorch.distributed,
            org.jtorch.export;
    exports org.jtorch.serialize.internal.read to
            org.jtorch.export;
    exports org.jtorch.serialize.internal.stored to
            org.jtorch.distributed,
            org.jtorch.export;
    exports org.jtorch.serialize.internal.torch to
            org.jtorch.distributed,
            org.jtorch.export;
    exports org.jtorch.serialize.internal.zip to
            org.jtorch.export;
}
