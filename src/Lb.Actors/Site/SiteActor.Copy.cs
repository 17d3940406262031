using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in what it goes by when it starts while the journal that it shares is away.</summary>
public sealed partial class SiteActor
{
    private ConfigCopy? _copy;

    // What is kept, or is on its way there.
    private ConfigState? _kept;

    // Until its own disk has said what is kept, a node of a cluster does not go by its file.
    private bool _isCopyAwaited;

    // What is in force is the copy: the journal has not been read yet.
    private bool _goesByCopy;

    /// <summary>What is in force, where it is more than the file that the node was started with.</summary>
    private ConfigState? InForce => _memory.Start is null || _goesByCopy ? _state : null;

    private void OnCopyRead(ConfigCopyRead read)
    {
        _isCopyAwaited = false;
        _copy = read.Copy;
        _kept = read.Copy?.State;
        if (_state is { } state && !_goesByCopy)
        {
            // The journal was faster, or what keeps the copy began anew.
            KeepCopy(state);
        }
        else
        {
            StartWithoutJournal();
        }
    }

    /// <summary>Puts down what the journal has told, unless that is what is kept: it is the whole site.</summary>
    private void KeepCopy(ConfigState state)
    {
        bool isKept = _kept is { } kept && kept.Revision == state.Revision && kept.LastId == state.LastId;
        if (state.Revision > 0 && !isKept && !_isCopyAwaited
            && _journal.Running.TryGetValue(JournalUser.Copy, out IActorRef? keeper))
        {
            _kept = state;
            keeper.Tell(new KeepConfig(state));
        }
    }

    /// <summary>Goes by the copy, if there is one that this node can carry out.</summary>
    private bool TryGoByCopy(string problem)
    {
        if (_copy is not { } copy || !CanCarryOut(copy.State.Site))
        {
            return false;
        }

        _state = copy.State;
        _goesByCopy = true;
        _log.StartedByCopy(_memory.Site, copy.State.Revision, copy.Kept, problem);
        PutInForce(copy.State.Site);
        CompareFile();
        TellNews();
        return true;
    }
}
