# fish completion for jetpack: every candidate comes from the programs.
function __jetpack_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l program $words[1]
    for line in ($program --complete $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            # Of --option=PATH the path alone is a file's.
            set -l option (string match -r '^--[^=]*=' -- $words[-1])
            for path in (__fish_complete_path (string replace -- "$option" '' $words[-1]))
                echo "$option$path"
            end
        else
            echo $line
        end
    end
end
for program in (string split ' ' '@PROGRAMS@')
    complete -c $program -f -a '(__jetpack_complete)'
end
