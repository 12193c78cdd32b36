"""Charts as SVG and PNG, without scripts: a chart's specification in, a picture out. Pure."""
