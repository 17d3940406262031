using Akka.Actor;
using Akka.Persistence;
using Lb.Actors.Wire;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>The config that a node of a cluster went by last, as it is kept on its own host.</summary>
/// <param name="State">The config.</param>
/// <param name="Kept">When it was put down.</param>
internal sealed record ConfigCopy(ConfigState State, DateTime Kept);

/// <summary>To the site, once: what is kept.</summary>
/// <param name="Copy">The copy; null when there is none, or none that can be read.</param>
internal sealed record ConfigCopyRead(ConfigCopy? Copy);

/// <summary>Keep this in place of what was kept before.</summary>
internal sealed record KeepConfig(ConfigState State);

/// <summary>
/// Keeps the config that nodes share on this host too: a node that starts while the cluster's database is away goes by what it
/// went by last, and not by a file from before all changes at run time. Tells its parent <see cref="ConfigCopyRead"/>, then
/// understands <see cref="KeepConfig"/>. One copy, no history: a snapshot that each one overwrites.
/// </summary>
internal sealed class ConfigCopyActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>A copy is the whole site. While changes follow each other it is put down once in this time.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private readonly string _site;
    private readonly ILogger _log;
    private ConfigCopy? _read;
    private ConfigState? _wanted;
    private ConfigState? _saving;
    private string? _problem;
    private bool _isResting;

    public ConfigCopyActor(SiteContext context, string site, JournalPlace place)
    {
        _site = site;
        _log = context.Loggers.CreateLogger<ConfigCopyActor>();

        // Several nodes on one host may have their journals in one folder.
        PersistenceId = place.Peers is { } peers ? $"site-copy:{place.Name}@{peers.Self}" : $"site-copy:{place.Name}";
        Recover<SnapshotOffer>(offer => _read = new ConfigCopy(
            ((SiteSnapshotRecord)offer.Snapshot).ToState(site), offer.Metadata.Timestamp));
        Recover<RecoveryCompleted>(_ => Context.Parent.Tell(new ConfigCopyRead(_read)));
        Command<KeepConfig>(keep =>
        {
            _wanted = keep.State;
            Keep();
        });
        Command<Rested>(_ =>
        {
            _isResting = false;
            Keep();
        });
        Command<SaveSnapshotSuccess>(_ => _problem = null);
        Command<SaveSnapshotFailure>(OnFailed);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public override string PersistenceId { get; }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _log.ConfigCopyFailed(_site, reason.Message);
        Context.Parent.Tell(new ConfigCopyRead(null));
    }

    /// <summary>What is kept is older than what the node goes by: it is tried again, and said once.</summary>
    private void OnFailed(SaveSnapshotFailure failed)
    {
        if (_problem != failed.Cause.Message)
        {
            _log.ConfigCopyFailed(_site, failed.Cause.Message);
        }

        _problem = failed.Cause.Message;
        _wanted ??= _saving;
        Keep();
    }

    private void Keep()
    {
        if (_wanted is { } state && !_isResting)
        {
            _wanted = null;
            _saving = state;
            _isResting = true;
            SaveSnapshot(SiteSnapshotRecord.Of(state));
            Timers.StartSingleTimer(Rested.Instance, Rested.Instance, Pace);
        }
    }

    private sealed record Rested
    {
        public static readonly Rested Instance = new();
    }
}
