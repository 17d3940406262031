using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Lb.Kernel.Handles;
using Lb.Kernel.Host;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Ethtool;

/// <summary>Asks drivers about their devices, in the network namespace of the thread that makes it.</summary>
internal sealed unsafe class EthtoolSocket : IDisposable
{
    private const int NameSize = 16;
    private const int FeatureNames = 4; // ETH_SS_FEATURES
    private const int StringSize = 32;
    private const int FeaturesPerBlock = 32;

    private readonly Descriptor _socket = new(Failure.CheckErrno(
        LibC.Socket(LibC.FamilyInet, LibC.DatagramCloseOnExec, 0), "socket(AF_INET)"));

    private enum Command : uint
    {
        DriverInfo = 0x03, // ETHTOOL_GDRVINFO
        Strings = 0x1b, // ETHTOOL_GSTRINGS
        StringCounts = 0x37, // ETHTOOL_GSSET_INFO
        Features = 0x3a, // ETHTOOL_GFEATURES
        SetFeatures = 0x3b, // ETHTOOL_SFEATURES
        Channels = 0x3c, // ETHTOOL_GCHANNELS
    }

    /// <summary>Name of the driver; null when the device has none to ask.</summary>
    public string? ReadDriver(string device)
    {
        var info = new DriverInfo { Command = Command.DriverInfo };
        return Ask(device, &info) == default ? Text(new ReadOnlySpan<byte>(info.Driver, StringSize)) : null;
    }

    /// <summary>Receive queues; null when they are not the operator's to choose.</summary>
    public ChannelFacts? ReadChannels(string device)
    {
        var channels = new Channels { Command = Command.Channels };
        return Ask(device, &channels) == default
            ? new ChannelFacts(
                (int)(channels.Receive + channels.Combined), (int)(channels.MostReceive + channels.MostCombined))
            : null;
    }

    /// <summary>Names of the features that are on; null when the device has none.</summary>
    public ImmutableHashSet<string>? ReadFeatures(string device)
    {
        string[]? names = ReadNames(device);
        if (names is null)
        {
            return null;
        }

        var words = new uint[2 + (4 * Blocks(names))];
        words[0] = (uint)Command.Features;
        words[1] = (uint)Blocks(names);
        fixed (uint* start = words)
        {
            Errno errno = Ask(device, start);
            return errno == default
                ? [.. names.Where((name, i) => name.Length > 0 && IsSet(words[2 + (i / FeaturesPerBlock * 4) + 2], i))]
                : null;
        }
    }

    /// <summary>Turns a feature on or off.</summary>
    public void SetFeature(string device, string feature, bool on)
    {
        string[] names = ReadNames(device) ?? [];
        int bit = Array.IndexOf(names, feature);
        if (bit < 0)
        {
            throw new KernelException($"Interface {device} has no offload {feature}.", "'ethtool -k' lists what it has.");
        }

        var words = new uint[2 + (2 * Blocks(names))];
        words[0] = (uint)Command.SetFeatures;
        words[1] = (uint)Blocks(names);
        int block = 2 + (bit / FeaturesPerBlock * 2);
        words[block] = 1u << (bit % FeaturesPerBlock);
        words[block + 1] = on ? words[block] : 0;
        fixed (uint* start = words)
        {
            Errno errno = Ask(device, start);
            if (errno != default)
            {
                throw Failure.Of($"ETHTOOL_SFEATURES({device}, {feature})", errno);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static int Blocks(string[] names) => (names.Length + FeaturesPerBlock - 1) / FeaturesPerBlock;

    private static bool IsSet(uint word, int feature) => (word & (1u << (feature % FeaturesPerBlock))) != 0;

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Names of all features, in the order of their bits.</summary>
    private string[]? ReadNames(string device)
    {
        var count = new StringCount { Command = Command.StringCounts, Sets = 1UL << FeatureNames };
        if (Ask(device, &count) != default || count.Sets == 0)
        {
            return null;
        }

        var answer = new byte[sizeof(StringsHeader) + ((int)count.Count * StringSize)];
        MemoryMarshal.Write(
            answer, new StringsHeader { Command = Command.Strings, Set = FeatureNames, Count = count.Count });
        fixed (byte* start = answer)
        {
            return Ask(device, start) == default
                ? [.. answer.Skip(sizeof(StringsHeader)).Chunk(StringSize).Select(name => Text(name))]
                : null;
        }
    }

    private Errno Ask(string device, void* command)
    {
        var request = new InterfaceRequest { Data = command };
        ReadOnlySpan<char> name = device.AsSpan(0, Math.Min(device.Length, NameSize - 1));
        Encoding.ASCII.GetBytes(name, new Span<byte>(request.Name, NameSize));
        return LibC.Control(_socket, LibC.EthtoolRequest, &request) < 0
            ? (Errno)Marshal.GetLastPInvokeError()
            : default;
    }

    /// <summary><c>struct ifreq</c> with a pointer.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    private struct InterfaceRequest
    {
        public fixed byte Name[NameSize];
        public void* Data;
    }

    /// <summary><c>struct ethtool_drvinfo</c>: only the driver's name is read.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 196)]
    private struct DriverInfo
    {
        public Command Command;
        public fixed byte Driver[StringSize];
    }

    /// <summary><c>struct ethtool_channels</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Channels
    {
        public Command Command;
        public uint MostReceive;
        public uint MostTransmit;
        public uint MostOther;
        public uint MostCombined;
        public uint Receive;
        public uint Transmit;
        public uint Other;
        public uint Combined;
    }

    /// <summary><c>struct ethtool_sset_info</c> for one set.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StringCount
    {
        public Command Command;
        private readonly uint _reserved;
        public ulong Sets;
        public uint Count;
    }

    /// <summary>Start of <c>struct ethtool_gstrings</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StringsHeader
    {
        public Command Command;
        public uint Set;
        public uint Count;
    }
}
