namespace Lb.Kernel.Host;

/// <summary>A change to a host that is safe to make: it takes nothing away from what else runs there.</summary>
public abstract record HostFix
{
    private HostFix()
    {
    }

    /// <summary>The command that does the same.</summary>
    public abstract string Command { get; }

    /// <summary>Sets a kernel setting, until the next boot.</summary>
    /// <param name="Key">As below /proc/sys, with slashes: an interface's name may have dots.</param>
    /// <param name="Value">The new value.</param>
    public sealed record SetSysctl(string Key, int Value) : HostFix
    {
        /// <inheritdoc/>
        public override string Command =>
            $"sysctl -w {(Key.Contains('.', StringComparison.Ordinal) ? Key : Key.Replace('/', '.'))}={Value}";
    }

    /// <summary>Mounts the BPF file system.</summary>
    /// <param name="Path">Where.</param>
    public sealed record MountBpf(string Path) : HostFix
    {
        /// <inheritdoc/>
        public override string Command => $"mount -t bpf bpf {Path}";
    }

    /// <summary>Sets an interface up.</summary>
    /// <param name="Interface">Which.</param>
    /// <param name="Index">Its index.</param>
    public sealed record SetUp(string Interface, int Index) : HostFix
    {
        /// <inheritdoc/>
        public override string Command => $"ip link set dev {Interface} up";
    }

    /// <summary>Takes a file from those who are neither its owner nor of its group.</summary>
    /// <param name="Path">Which.</param>
    public sealed record Hide(string Path) : HostFix
    {
        /// <inheritdoc/>
        public override string Command => $"chmod o-rwx {Path}";
    }

    /// <summary>Turns an offload of an interface off.</summary>
    /// <param name="Interface">Which.</param>
    /// <param name="Offload">The kernel's name of it, which ethtool takes too.</param>
    public sealed record TurnOff(string Interface, string Offload) : HostFix
    {
        /// <inheritdoc/>
        public override string Command => $"ethtool -K {Interface} {Offload} off";
    }
}
