/** Checkpoint files: what {@code torch.save} and safetensors write is read, and what they read is written. Nothing from a file runs. */
module org.jtorch.serialize {
    requires transitive org.jtorch.nn;
    requires com.fasterxml.jackson.core;

    exports org.jtorch.serialize;
    exports org.jtorch.serialize.format;
    exports org.jtorch.serialize.python;
}
