namespace Lb.Cluster.Certificates;

/// <summary>Where a node's certificates are, in PEM.</summary>
/// <param name="Authorities">Those who may issue certificates for nodes of the cluster.</param>
/// <param name="Certificate">The node's own, and those between it and its authority.</param>
/// <param name="Key">The key of its own.</param>
public sealed record CertificateFiles(string Authorities, string Certificate, string Key);
