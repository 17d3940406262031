using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A number for what a service's table is computed from, verdicts aside: the configured pool and the table's size.</summary>
internal static class PoolDigest
{
    /// <summary>Equal for pools that make equal tables of equal verdicts.</summary>
    public static ulong Of(ServiceConfig config, int tableSize) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', config.Backends.Values
            .Select(backend => string.Create(
                CultureInfo.InvariantCulture,
                $"{ServiceState.SocketOf(config, backend)} {backend.Weight} {backend.Admin}{(backend.Backup ? " backup" : "")}"))
            .Order(StringComparer.Ordinal)
            .Append(string.Create(CultureInfo.InvariantCulture, $"{tableSize} {config.Seed}{Of(config.Pool)}{Of(config.Hashing)}"))))));

    /// <summary>Nothing for what a service does that says nothing of it: a node of an older release has the same number.</summary>
    private static string Of(FlowHashing hashing) =>
        hashing.Prefix is { } prefix ? string.Create(CultureInfo.InvariantCulture, $" affinity {prefix}") : "";

    private static string Of(PoolPolicy policy) =>
        (policy.PanicThreshold > 0 ? string.Create(CultureInfo.InvariantCulture, $" panic {policy.PanicThreshold}") : "")
        + (policy.SlowStart > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" slow {policy.SlowStartFrom}") : "");
}
