"""The operations of Lambda that are done here, on moto's objects: what moto lacks, or does otherwise than Lambda."""
