/** Training in several processes: PyTorch's {@code torch.distributed}. */
module org.jtorch.distributed {
    requires transitive org.jtorch.data;
    requires transitive org.jtorch.optim;

    exports org.jtorch.distributed;
    exports org.jtorch.distributed.checkpoint;
    exports org.jtorch.distributed.launch;
}
