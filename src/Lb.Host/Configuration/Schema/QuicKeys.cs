using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary><c>quic</c> of a service, and what goes with it of a backend.</summary>
internal static class QuicKeys
{
    /// <summary>Connection IDs say nothing.</summary>
    public const long Off = 0;

    /// <summary>The largest of three bits says that an ID names nobody.</summary>
    private const int MostConfigId = 6;

    public static readonly ValueKey<long> ServerIdLength = new(
        "server-id-length", NumberKinds.AutoOr("off", Off, 1, Kernel.ServerId.MostBytes));

    public static readonly ValueKey<long> ConfigId = new("config-id", NumberKinds.Whole(0, MostConfigId));

    public static readonly Section Section = Section.Of(ServerIdLength, ConfigId);

    /// <summary>Of a backend; none when absent.</summary>
    public static readonly ValueKey<ServerId> ServerId = new(
        "server-id",
        new ScalarKind<ServerId>(
            $"1 to {Kernel.ServerId.MostBytes} bytes as hexadecimal digits, as in \"0a01\"",
            "write two digits of 0-9 and a-f for each byte, within quotes",
            text => Kernel.ServerId.TryParse(text, out ServerId id)
                ? Reading<ServerId>.Of(id)
                : Reading<ServerId>.Wrong($"{Quote.Text(text)} is no server ID")),
        Required: false);
}
