/// A back end of LTTng's design.
protocol LTTngStudy: DesignStudy where Ring: LTTngRing {}
