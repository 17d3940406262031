namespace Lb.Actors;

/// <summary>What of its pool the service uses, said when it changes.</summary>
internal sealed partial class ServiceActor
{
    private bool _hadBackend = true;
    private PoolUse _use = PoolUse.Usual;

    private void SayChoice(PoolChoice choice)
    {
        if (_hadBackend && !choice.HasBackend)
        {
            _log.NoBackend(_config.Name, _config.Vip);
        }

        _hadBackend = choice.HasBackend;
        if (choice.Use == _use)
        {
            return;
        }

        SayUse(choice.Use);
        _use = choice.Use;
    }

    private void SayUse(PoolUse use)
    {
        switch (use)
        {
            case PoolUse.Panic:
                _log.PanicBegins(_config.Name, Math.Round(_config.Pool.PanicThreshold * 100, 2));
                break;
            case PoolUse.Backups:
                _log.BackupsUsed(_config.Name);
                break;
            default:
                _log.PoolAsUsual(_config.Name);
                break;
        }
    }
}
