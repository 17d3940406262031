namespace Lb.Actors;

/// <summary>What somebody may do with a site; each role may do what those before it may.</summary>
public enum AccessRole
{
    /// <summary>Nothing at all.</summary>
    None,

    /// <summary>Look, and change nothing.</summary>
    Read,

    /// <summary>Change the site.</summary>
    Operate,

    /// <summary>Also say who may do what.</summary>
    Admin,
}
