using Akka.Actor;
using Akka.Persistence;
using Lb.Actors.Wire;

namespace Lb.Actors;

/// <summary>What was read of the past, told to the parent.</summary>
/// <param name="History">The past; null when it could not be read.</param>
/// <param name="Problem">Why it could not be read.</param>
/// <param name="Question">What the parent was asked.</param>
/// <param name="Asker">By whom.</param>
internal sealed record HistoryRead(SiteHistory? History, string? Problem, object Question, IActorRef Asker);

/// <summary>
/// Reads the past of a site's config from the journal once and ends. It reads from the first revision, not from a
/// snapshot, and writes nothing.
/// </summary>
internal sealed class HistoryActor : ReceivePersistentActor
{
    private readonly JournalPlace _place;
    private readonly GetHistory _wanted;
    private readonly object _question;
    private readonly IActorRef _asker;
    private readonly Queue<SiteChanged> _revisions = new();
    private ConfigState _state;

    /// <summary>Begins to read.</summary>
    /// <param name="place">Where the journal is.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="wanted">What is to be read.</param>
    /// <param name="question">What the parent was asked; handed back.</param>
    /// <param name="asker">By whom; handed back.</param>
    public HistoryActor(
        JournalPlace place, string site, GetHistory wanted, object question, IActorRef asker)
    {
        _place = place;
        JournalPluginId = place.JournalPlugin;
        SnapshotPluginId = place.SnapshotPlugin;
        _wanted = wanted;
        _question = question;
        _asker = asker;
        _state = ConfigState.Start(site);
        Recover<SiteChangedRecord>(stored => OnRevision(stored.ToChange()));
        Recover<RecoveryCompleted>(_ =>
        {
            Tell(new SiteHistory([.. _revisions], _state), null);
            Context.Stop(Self);
        });
    }

    public override string PersistenceId => ConfigActor.IdOf(_place);

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None, _wanted.To);

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        base.OnRecoveryFailure(reason, message);
        Tell(null, reason.Message);
    }

    private void OnRevision(SiteChanged change)
    {
        _state = _state.Apply(change);
        _revisions.Enqueue(change);
        if (_revisions.Count > _wanted.Count)
        {
            _revisions.Dequeue();
        }
    }

    private void Tell(SiteHistory? history, string? problem) =>
        Context.Parent.Tell(new HistoryRead(history, problem, _question, _asker));
}
