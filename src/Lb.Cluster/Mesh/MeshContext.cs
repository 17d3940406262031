using System.Net;
using Lb.Cluster.Certificates;

namespace Lb.Cluster.Mesh;

/// <summary>What all parts of a node's mesh share.</summary>
internal sealed record MeshContext(
    MeshOptions Options, IPEndPoint Local, CredentialSource Credentials, MeshCounters Counters, ReportGate Reports,
    TimeProvider Time)
{
    public void Refuse(string peer, CertificateRefusal refusal)
    {
        Counters.Add(refusal.Reason);
        Reports.Tell(new MeshReport.Refused(peer, refusal));
    }
}
