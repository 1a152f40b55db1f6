/** Optimizers, schedules, averaging, gradient scaling, and whole runs: PyTorch's {@code torch.optim}. */
module org.jtorch.optim {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.serialize;

    exports org.jtorch.optim;
    exports org.jtorch.optim.amp;
    exports org.jtorch.optim.lrscheduler;
    exports org.jtorch.optim.options;
    exports org.jtorch.optim.swa;
    exports org.jtorch.optim.training;
    exports org.jtorch.optim.internal to
            org.jtorch.distributed;

    opens org.jtorch.optim.swa to
            org.jtorch.nn;
}
