/** Optimizers, with their state in PyTorch's layout. */
module org.jtorch.optim {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.serialize;

    exports org.jtorch.optim;
}
