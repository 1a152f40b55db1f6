/** Data to train and to test on. */
module org.jtorch.data {
    requires transitive org.jtorch.tensor;

    exports org.jtorch.data;
}
