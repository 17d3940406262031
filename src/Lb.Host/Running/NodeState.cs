using Lb.Cluster.Mesh;
using Lb.Host.Configuration;
using Lb.Host.FlowLog;

namespace Lb.Host.Running;

/// <summary>What of the process changes while it runs, for those who ask from other threads.</summary>
internal sealed class NodeState
{
    private volatile bool _started;
    private volatile bool _draining;
    private volatile bool _drained;
    private volatile LoadedConfig? _config;

    /// <summary>The first tables are in the kernel.</summary>
    public bool Started
    {
        get => _started;
        set => _started = value;
    }

    /// <summary>The process was told to end and forwards on for a while.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>An operator wants no traffic to come here; the process does not end.</summary>
    public bool Drained
    {
        get => _drained;
        set => _drained = value;
    }

    /// <summary>The site file.</summary>
    public string File { get; set; } = string.Empty;

    /// <summary>The writer of the flow log.</summary>
    public FlowLogState FlowLog { get; } = new();

    /// <summary>What the node talks to others of its cluster by; null without certificates.</summary>
    public MeshTransport? Mesh { get; set; }

    /// <summary>Started, and neither told to end nor to be without traffic.</summary>
    public bool IsReady => Started && !Draining && !Drained;

    /// <summary>The configuration in force; null before the first is.</summary>
    public LoadedConfig? Config
    {
        get => _config;
        set => _config = value;
    }
}
