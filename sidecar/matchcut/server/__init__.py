"""The sidecar: what matchcut can do with one library, over gRPC and HTTP on the loopback.

`serve.serve` runs it, `remote.RemoteMatching` calls it. grpc and protobuf appear nowhere else in
`matchcut`.
"""
