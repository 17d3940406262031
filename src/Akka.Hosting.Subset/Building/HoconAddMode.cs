namespace Akka.Hosting;

/// <summary>How a piece of configuration joins what is there.</summary>
public enum HoconAddMode
{
    /// <summary>It holds where nothing is configured yet.</summary>
    Append = 0,

    /// <summary>It overrides what is there.</summary>
    Prepend = 1,

    /// <summary>As <see cref="Prepend"/>: Akka.Hosting keeps the keys that the new piece does not have, too.</summary>
    Replace = 2,
}
