using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What the relay may use of limits that it shares with other nodes; a node that is alone has all.</summary>
internal sealed partial class RelayActor
{
    private readonly RelayShares? _shares;

    private RelaySettings Shared(RelaySettings settings) => _shares is null ? settings : settings with { Shares = _shares };

    private void TellShares()
    {
        if (_shares is not null)
        {
            _context.Slices!.Board.Set(SlicedRelay.Of(_service, _vip, _settings, _table, _shares));
        }
    }

    private void EndShares()
    {
        if (_shares is not null)
        {
            _context.Slices!.Board.Remove(_vip, _shares);
        }
    }
}
