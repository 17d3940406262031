using System.Net;

namespace Lb.Cluster.Mesh;

/// <summary>What both ends of a connection call things.</summary>
internal static class MeshNames
{
    /// <summary>Where short messages go.</summary>
    public const string QuickPath = "/lb/mesh/quick";

    /// <summary>Where long messages go.</summary>
    public const string BulkPath = "/lb/mesh/bulk";

    /// <summary>Header with the address of the one who connects.</summary>
    public const string From = "lb-from";

    /// <summary>Header with the versions that one speaks.</summary>
    public const string Versions = "lb-versions";

    /// <summary>Header of the answer with the version that is spoken.</summary>
    public const string Version = "lb-version";

    /// <summary>Reads an address as nodes write them: an IP address and a port.</summary>
    public static IPEndPoint? Parse(string address) =>
        IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port != 0 ? endpoint : null;
}
