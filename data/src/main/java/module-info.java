/** Data sets for training and testing. */
module org.jtorch.data {
    requires transitive org.jtorch.tensor;

    exports org.jtorch.data;
}
