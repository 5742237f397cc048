/** What a shell reads once: it asks `polytomic-gitops complete` at each TAB, so that it never grows old. */

const bash = `# Completions of polytomic-gitops for bash, from "polytomic-gitops completion bash".
_polytomic_gitops() {
  local line value current=\${COMP_WORDS[COMP_CWORD]}
  [ "$current" != = ] || current=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files | :folders)
        compopt -o filenames 2>/dev/null
        while IFS= read -r value; do COMPREPLY+=("$value"); done < <(
          if [ "$line" = :files ]; then compgen -f -- "$current"; else compgen -d -- "$current"; fi
        )
        ;;
      :*) ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _polytomic_gitops polytomic-gitops
`;

const zsh = `#compdef polytomic-gitops
# Completions of polytomic-gitops for zsh, from "polytomic-gitops completion zsh".
_polytomic-gitops() {
  local line tab=$'\\t'
  local -a found
  while IFS= read -r line; do
    case $line in
      :files) _files; return ;;
      :folders) _files -/; return ;;
      :*) ;;
      *) found+=("\${line%%$tab*}:\${line#*$tab}") ;;
    esac
  done < <("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  _describe -t values polytomic-gitops found
}
# A file in $fpath is the function; what is read by source only registers it.
if [ "\${funcstack[1]}" = _polytomic-gitops ]; then
  _polytomic-gitops "$@"
else
  compdef _polytomic-gitops polytomic-gitops
fi
`;

const fish = `# Completions of polytomic-gitops for fish, from "polytomic-gitops completion fish".
function __polytomic_gitops
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    for line in ($program complete -- $words "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current" ''
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c polytomic-gitops -f -a '(__polytomic_gitops)'
`;

export const scripts = { bash, zsh, fish } as const;
export type Shell = keyof typeof scripts;
